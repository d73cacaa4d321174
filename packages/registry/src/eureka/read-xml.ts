import { AppError } from '@flotilla/contracts';
import sax from 'sax';

/** An element of a document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All its text, of the elements in it not. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** An instance has three levels; with a data center of Amazon's, and in a batch of a peer, six. */
const maxDepth = 12;

/** An instance has about forty; metadata may have many more. */
const maxElements = 10_000;

/**
 * Reads a document without a document type: so it has no entities but the five of XML itself, nothing expands and nothing is
 * fetched. Namespaces mean nothing here.
 *
 * @throws {AppError} INVALID_REQUEST, with the place of the first mistake
 */
export function readXml(bytes: Uint8Array): XmlElement {
  const parser = sax.parser(true);
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  const refuse = (why: string): never => {
    throw new AppError('INVALID_REQUEST', {
      detail: `Cannot read the XML: ${why} (line ${parser.line + 1}, column ${parser.column}). Correct the body.`,
    });
  };
  parser.onerror = (error) => refuse(firstLine(error.message));
  parser.ondoctype = () => refuse('a document type is not accepted');
  parser.onsgmldeclaration = () => refuse('a declaration is not accepted');
  parser.onopentag = ({ name, attributes }) => {
    elements += 1;
    if (root !== undefined) refuse('there is more than one element at the top');
    if (open.length >= maxDepth) refuse(`it is nested deeper than ${maxDepth} levels`);
    if (elements > maxElements) refuse(`it has more than ${maxElements} elements`);
    const given = Object.entries(attributes).map(([key, value]) => [key, String(value)] as const);
    open.push({ name, attributes: new Map(given), children: [], text: '' });
  };
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onclosetag = () => {
    const element = open.pop();
    if (element === undefined) return;
    const parent = open.at(-1);
    if (parent !== undefined) parent.children.push(element);
    else root ??= element;
  };
  parser.write(utf8Of(bytes)).close();
  return root ?? refuse('there is no element');
}

/** Only UTF-8 is read, whatever a declaration says: every client of Eureka's writes it. */
function utf8Of(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError('INVALID_REQUEST', { detail: 'Cannot read the XML: it is not valid UTF-8.', cause: error });
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.toLowerCase().replace(/\.$/, '') ?? '';
}
