// Verifies one ML-DSA signature (FIPS 204, pure, empty context) read as JSON from standard input.
import { readFileSync } from 'node:fs';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';

const sets = { 44: ml_dsa44, 65: ml_dsa65, 87: ml_dsa87 };
const { set, publicKey, message, signature } = JSON.parse(readFileSync(0, 'utf8'));
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
const valid = sets[set].verify(bytes(signature), bytes(message), bytes(publicKey));
console.log(valid ? 'valid' : 'invalid');
