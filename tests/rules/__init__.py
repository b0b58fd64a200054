"""Tests of the rule engine: pure, without a database."""
