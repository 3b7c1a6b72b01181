/** What the bundler makes of a file: its address. */
declare module '*?url' {
  const url: string;
  export default url;
}
declare module '*.css';
declare module 'virtual:colours.css';
/** Version of Gimbal, which the bundler puts in its place. */
declare const GIMBAL_VERSION: string;
