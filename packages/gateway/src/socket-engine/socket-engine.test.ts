import { describeEngine } from '@flotilla/testing';
import { createSocketEngine } from './socket-engine.ts';

describeEngine('the engine on sockets', createSocketEngine);
