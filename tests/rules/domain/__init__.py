"""The numbered rules of docs/rule-list.toml, one file a section, one test a rule and named after it."""
