import { describeEngine } from '@flotilla/conformance';
import { createSocketEngine } from './socket-engine.ts';

describeEngine('the engine on sockets', createSocketEngine);
