-- Which networks have an ad in which a child may be involved is asked for every page of the queue.

CREATE INDEX standings_child ON standings (network) WHERE child <> 0;
