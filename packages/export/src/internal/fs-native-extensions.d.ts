declare module "fs-native-extensions" {
  /** Returns whether the lock was granted; throws if the file system has no locks. */
  export const tryLock: (fd: number, offset: number, length: number) => boolean
}
