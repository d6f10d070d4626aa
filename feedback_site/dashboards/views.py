def home_context(request, context):
    return context
