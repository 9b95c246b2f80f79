import { nameOf } from './person.js';
import { type ResolvedUser, UsersRepository } from './users.repository.js';

const organisers = ['01939c5e-0000-7000-8000-00000000000a', '01939c5e-0000-7000-8000-00000000000b'];

describe('the rows of new users', () => {
  const names = ['jo', 'Jo', 'jö', 'j', '', 'jo\u{1F600}', 'jo\uFFFD', '10', '9', 'joa'];
  const users: ResolvedUser[] = organisers.flatMap((organiserId) =>
    names.map((identifier) => ({ id: identifier, organiserId, identifier, isNew: true })),
  );
  const orderOf = (some: readonly ResolvedUser[]) =>
    new UsersRepository()
      .insert(some, new Date(0))
      .flatMap(({ parameters }) => JSON.stringify(parameters));

  it('are sorted by name, whatever the order of the input', () => {
    const codes = [...users].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    const expected = orderOf(codes);
    expect(orderOf(users)).toEqual(expected);
    expect(orderOf(users.toReversed())).toEqual(expected);
    expect(expected.join()).toMatch(/"9".+"J/);
  });

  it('are sorted without building a text for each comparison', () => {
    let read = 0;
    const counted = users.map((user) => ({
      ...user,
      get identifier() {
        read += 1;
        return user.identifier;
      },
    }));
    orderOf(counted.filter((_, index) => index % names.length === 0));
    // They belong to different organisers: the order is decided without reading identifiers.
    expect(read).toBe(2);
  });
});
