# The user that the service has (docs/security.md): it reads and writes, and cannot change the schema,
# which only the migrations' user may. The image of MySQL reads this once, when it makes the database.
docker_process_sql --database=mysql <<SQL
CREATE USER 'rowlock_service'@'%' IDENTIFIED BY '$MYSQL_SERVICE_PASSWORD';
GRANT SELECT, INSERT, UPDATE, DELETE ON \`$MYSQL_DATABASE\`.* TO 'rowlock_service'@'%';
SQL
