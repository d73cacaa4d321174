import { isAppError } from '@flotilla/contracts';

/** Does something to an instance or a check. Harmless if that has gone in the same moment. */
export async function ifThere(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isAppError(error, 'INSTANCE_NOT_FOUND') && !isAppError(error, 'CHECK_NOT_FOUND')) throw error;
  }
}
