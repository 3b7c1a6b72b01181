import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads are kept: `GIMBAL_CACHE`, else the platform's folder for caches. */
export function defaultCacheFolder(environment = process.env, platform = process.platform, home = homedir()): string {
  const { GIMBAL_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (GIMBAL_CACHE) return GIMBAL_CACHE;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'gimbal');
  if (platform === 'win32') return join(LOCALAPPDATA || join(home, 'AppData', 'Local'), 'gimbal', 'Cache');
  return join(XDG_CACHE_HOME || join(home, '.cache'), 'gimbal');
}
