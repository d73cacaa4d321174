import { useEffect, useState } from 'preact/hooks';

const narrow = '(max-width: 640px)';

/** Whether the window is as narrow as a phone: the same limit as in the styles. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => window.matchMedia(narrow).matches);
  useEffect(() => {
    const query = window.matchMedia(narrow);
    const hear = (): void => setNarrow(query.matches);
    query.addEventListener('change', hear);
    return () => query.removeEventListener('change', hear);
  }, []);
  return isNarrow;
}
