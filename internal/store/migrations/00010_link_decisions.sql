-- What analysts decide about links: that an identifier does not link an ad (cut), or that two ads belong together (join). A row is kept when it
-- is undone; undone_at is 0 while it is in force. The counter numbers the decisions and every undoing.

CREATE TABLE link_decisions (
  id            BIGINT NOT NULL PRIMARY KEY,
  sort          TEXT COLLATE "C" NOT NULL,
  ad            TEXT COLLATE "C" NOT NULL,
  other         TEXT COLLATE "C" NOT NULL,
  kind          TEXT COLLATE "C" NOT NULL,
  value         TEXT COLLATE "C" NOT NULL,
  reason        TEXT NOT NULL,
  actor         TEXT NOT NULL,
  at            BIGINT NOT NULL,
  undone_reason TEXT NOT NULL,
  undone_actor  TEXT NOT NULL,
  undone_at     BIGINT NOT NULL
);

INSERT INTO counters (name, value) VALUES ('link_decision', 0);
