-- When the timeline last told that a new position came
-- depends: 0005_news_to_persons

-- migrate: apply

ALTER TABLE incidents ADD COLUMN moved_at timestamptz;

-- migrate: rollback
