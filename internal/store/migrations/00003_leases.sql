-- Pages that are looked at again: when each was tried last, 0 where that is not known, and what an owner has leased, so that a restart
-- takes its own back without going through all pages.

ALTER TABLE pages ADD COLUMN tried BIGINT NOT NULL DEFAULT 0;

CREATE INDEX pages_owner ON pages (owner) WHERE owner <> '';
