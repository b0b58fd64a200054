"""The shape of what customers type. Whether it can be done is the actions' to say."""
