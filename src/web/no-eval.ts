import { z } from 'zod';

// Zod compiles its checks where it may, and finds out whether by trying, which a page's policy reports as an offence.
z.config({ jitless: true });
