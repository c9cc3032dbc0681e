-- What was taken back is asked for by those who keep articles, since when they last knew.

CREATE INDEX versions_by_withdrawal ON versions (withdrawn) WHERE withdrawn IS NOT NULL;
