-- Until when a site is left alone, 0 where it is not, and how often in a row it was: a restart does not forget it.

ALTER TABLE page_totals ADD COLUMN rest BIGINT NOT NULL DEFAULT 0;

ALTER TABLE page_totals ADD COLUMN rests BIGINT NOT NULL DEFAULT 0;
