from tests.factories.accounts.second_factor import enrol, patient

__all__ = ["enrol", "patient"]
