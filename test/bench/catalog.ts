// Which benches are there? One file each, measured in this order.
import { append } from './append.ts';
import { cost } from './cost.ts';
import { firstLook } from './firstLook.ts';
import { loadAndFold } from './loadAndFold.ts';
import { pipeline } from './pipeline.ts';
import type { Bench } from './sideBySide.ts';

export const benches: Readonly<Record<string, Bench>> = { append, loadAndFold, pipeline, cost, firstLook };
