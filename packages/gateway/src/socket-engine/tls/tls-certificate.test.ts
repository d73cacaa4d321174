import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { it } from 'node:test';
import { temporaryCertificate } from '@flotilla/conformance';
import { CertificateError, readKeyPair } from './tls-certificate.ts';

it('a certificate that cannot be used is reported with the file and the reason', async () => {
  await using one = await temporaryCertificate('one');
  await using two = await temporaryCertificate('two');
  const problem = async (certFile: string, keyFile: string): Promise<string> => {
    try {
      await readKeyPair({ certFile, keyFile });
    } catch (error) {
      if (error instanceof CertificateError) return error.message;
      throw error;
    }
    return '';
  };
  assert.equal(await problem(one.certFile, one.keyFile), '');
  assert.equal(
    await problem('/nowhere/cert.pem', one.keyFile),
    'the certificate file /nowhere/cert.pem cannot be read (ENOENT)',
  );
  assert.equal(await problem(one.certFile, '/nowhere'), 'the key file /nowhere cannot be read (ENOENT)');
  assert.equal(
    await problem(one.certFile, two.keyFile),
    `the key in ${two.keyFile} does not belong to the certificate in ${one.certFile}`,
  );
  assert.match(await problem(one.certFile, one.certFile), /cert\.pem holds no private key in PEM/);
  await writeFile(one.certFile, 'nothing of the kind');
  assert.match(await problem(one.certFile, one.keyFile), /cert\.pem holds no certificate in PEM/);
});
