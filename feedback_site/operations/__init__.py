"""Operations: the processes that run the site and how much they do at a
time, and what operators see: which part is down, figures, logs with ids.
"""
