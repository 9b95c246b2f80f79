import { nameOf } from './person.js';
import { type ResolvedUser, UsersRepository } from './users.repository.js';

const organisers = ['01939c5e-0000-7000-8000-00000000000a', '01939c5e-0000-7000-8000-00000000000b'];

describe('the rows of new people', () => {
  const names = ['jo', 'Jo', 'jö', 'j', '', 'jo\u{1F600}', 'jo\uFFFD', '10', '9', 'joa'];
  const users: ResolvedUser[] = organisers.flatMap((organiserId) =>
    names.map((identifier) => ({ id: identifier, organiserId, identifier, isNew: true })),
  );
  const orderOf = (some: readonly ResolvedUser[]) =>
    new UsersRepository()
      .insert(some, new Date(0))
      .flatMap(({ parameters }) => JSON.stringify(parameters));

  it('are in the order of their names, however they come', () => {
    const codes = [...users].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    const expected = orderOf(codes);
    expect(orderOf(users)).toEqual(expected);
    expect(orderOf(users.toReversed())).toEqual(expected);
    expect(expected.join()).toMatch(/"9".+"J/);
  });

  it('are put in order without a text being made for each comparison', () => {
    let read = 0;
    const counted = users.map((user) => ({
      ...user,
      get identifier() {
        read += 1;
        return user.identifier;
      },
    }));
    orderOf(counted.filter((_, index) => index % names.length === 0));
    // Those of two organisers are told apart by these.
    expect(read).toBe(2);
  });
});
