-- Failed log-ins are counted where every web process sees them
-- depends: 0003_secrecy

-- migrate: apply

-- key: 'login:<login>' or 'address:<IP address>'. A row is counted up before a password is tried and taken back
-- when it was right, so that tries in parallel are counted too.
CREATE TABLE sign_in_attempts (
    key text PRIMARY KEY CHECK (key ~ '^(login|address):.' AND length(key) <= 300),
    failures integer NOT NULL CHECK (failures >= 0),
    last_at timestamptz NOT NULL,
    blocked_until timestamptz CHECK (blocked_until >= last_at)
);
CREATE INDEX sign_in_attempts_old ON sign_in_attempts (last_at);

ALTER TABLE sign_in_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON sign_in_attempts TO larm_service USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_attempts TO larm_service;

COMMENT ON TABLE sign_in_attempts IS 'retention: session';

-- migrate: rollback
