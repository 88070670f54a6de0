"""Other people's calendars: Sweden's holidays, and rotas as iCalendar files."""
