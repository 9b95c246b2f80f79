# Creates the database user of the service (docs/security.md). It can read and write, but not change the
# schema; only the user for migrations can, which may also see the connections of running instances. The
# MySQL image runs this once, when it creates the database.
docker_process_sql --database=mysql <<SQL
CREATE USER 'rowlock_service'@'%' IDENTIFIED BY '$MYSQL_SERVICE_PASSWORD';
GRANT SELECT, INSERT, UPDATE, DELETE ON \`$MYSQL_DATABASE\`.* TO 'rowlock_service'@'%';
GRANT PROCESS ON *.* TO '$MYSQL_USER'@'%';
SQL
