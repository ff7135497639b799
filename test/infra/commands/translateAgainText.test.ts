// Can a sender's words in the report of translate-again do something to the terminal?
import { expect, it } from 'vitest';
import { reportLines, reportOf } from '../../../infra/commands/translateAgainText.ts';

it('shows no control character of a sender', () => {
  const now = { status: 'refused', issues: [{ path: 'a\u001b[2J', message: 'expected\na number' }] };
  const finding = { receipt: 'r-1', receivedAt: '2026-06-30T12:00:00.000Z', was: { status: 'ignored' }, now };
  const none = { isLeft: false, adds: [], moreAdds: 0, stays: [], notCovered: 0 };
  const report = reportOf({ findings: [{ ...finding, ...none }], gone: [], pages: [] });
  expect(reportLines(report)).toContain('    at a\\u001b[2J: expected\\u000aa number');
});
