"""What happened: KPIs, intervals, charts and reports, read from tables only."""
