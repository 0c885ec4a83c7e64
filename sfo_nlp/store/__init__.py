"""Reviews, assessments, findings and people's decisions in a database: SQLite here, or any SQLAlchemy URL."""
