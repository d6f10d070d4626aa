from feedback_site.accounts.admin.base import ReadOnlyModelAdmin, ScopedModelAdmin, ScopedStackedInline, ScopedTabularInline

__all__ = ["ReadOnlyModelAdmin", "ScopedModelAdmin", "ScopedStackedInline", "ScopedTabularInline"]
