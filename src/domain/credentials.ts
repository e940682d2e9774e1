/** How to get credentials that last longer than a release. */
export const LONGER_CREDENTIALS =
  "let the action assume the role itself (role-to-assume), or get credentials that last longer";
