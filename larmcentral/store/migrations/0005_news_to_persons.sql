-- A notice may tell a person that one of his contact points is gone
-- depends: 0004_sign_in

-- migrate: apply

ALTER TABLE notices ADD COLUMN about text NOT NULL DEFAULT 'alarm' CHECK (about IN ('alarm', 'point_gone'));

-- migrate: rollback
