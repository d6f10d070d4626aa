def register_builder(subject_kind, builder):
    pass
