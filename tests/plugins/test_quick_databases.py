def group_of(request):
    return [mark.args for mark in request.node.iter_markers("xdist_group")]


def test_what_needs_no_database_is_run_together_while_one_is_made(request):
    assert group_of(request) == [("without-database",)]


def test_what_needs_a_database_goes_to_whoever_is_free(request, db):
    assert group_of(request) == []
