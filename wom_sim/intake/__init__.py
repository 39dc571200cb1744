"""A firm's own customers: a table of any make read, its columns mapped to meanings, its rows accepted or refused."""
