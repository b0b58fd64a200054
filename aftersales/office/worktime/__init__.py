"""Calendars and working days in the office: opening hours in versions, and two months to click on, the shop's and the law's."""
