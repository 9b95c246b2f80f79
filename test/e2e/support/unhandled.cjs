// Loaded into a service (`node --require`): at a signal it does what a bug would do.
const { QueryFailedError } = require('typeorm');

const SQL = "INSERT INTO users VALUES ('ophelia@example.org')";
const said = "Duplicate entry 'ophelia@example.org' for key 'uq_users_identifier'";
const facts = { code: 'ER_DUP_ENTRY', errno: 1062, sql: SQL };
const error = () => {
  const driverError = Object.assign(new Error(said), facts);
  return new QueryFailedError('INSERT INTO users VALUES (?)', ['ophelia@example.org'], driverError);
};

process.on('SIGUSR2', () => {
  void Promise.reject(new Error('nobody waits for this', { cause: error() }));
});
