"""Every change to notices: tell somebody, send a code, read, choose channels, add and end webhooks."""
