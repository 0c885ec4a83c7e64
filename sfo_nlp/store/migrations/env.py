"""Alembic's entry: run the migrations on the connection that the program holds."""

from alembic import context

from sfo_nlp.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
