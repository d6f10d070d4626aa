"""The pages and pictures that surveys make, for views and for staff pages."""
