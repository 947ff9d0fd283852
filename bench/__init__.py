"""How fast the addon is, as ratios to the bare SQL of the same work.

``python3 -m bench`` (or ``make bench``) fills a database of its own, measures it and
writes ``bench/results.md``. Times of one machine mean nothing elsewhere; a ratio of two
medians taken in turns, a count of queries, rows or bytes does.
"""
