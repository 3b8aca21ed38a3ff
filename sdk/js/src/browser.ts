// What a page needs, and no more: this is what the size budget is for.
export { createClient } from './client.js';
