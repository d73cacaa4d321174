import type { Clock } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';

const querystring = z.strictObject({ name: z.string().min(1).max(50) });

/** `GET /greeting?name=Ada`. The clock is handed in, so that a test can say what time it is. */
export function addGreetingRoutes(app: HttpApp, clock: Clock): void {
  app.get('/greeting', { schema: { querystring } }, ({ query: { name } }) => {
    const isMorning = new Date(clock.now()).getUTCHours() < 12;
    return { text: `Good ${isMorning ? 'morning' : 'evening'}, ${name}!` };
  });
}
