import { type DescExtension, type DescFile, type DescMessage, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';

/** Everything that some files and those they import declare, by name. */
export class ProtoIndex {
  readonly #files = new Map<string, DescFile>();
  readonly #symbols = new Map<string, DescFile>();
  readonly #messages = new Set<string>();
  readonly #extensions = new Map<string, Map<number, DescFile>>();

  constructor(files: readonly DescFile[]) {
    for (const file of files) this.#add(file);
  }

  file(path: string): DescFile | undefined {
    return this.#files.get(path);
  }

  /** The file that declares a message, field, oneof, enum, value, service, method or extension. */
  fileOf(symbol: string): DescFile | undefined {
    return this.#symbols.get(symbol);
  }

  fileOfExtension(message: string, number: number): DescFile | undefined {
    return this.#extensions.get(message)?.get(number);
  }

  /** The numbers of all extensions of a message; undefined if there is no such message. */
  extensionNumbers(message: string): readonly number[] | undefined {
    if (!this.#messages.has(message)) return undefined;
    return [...(this.#extensions.get(message)?.keys() ?? [])].toSorted((a, b) => a - b);
  }

  #add(file: DescFile): void {
    if (this.#files.has(pathOf(file))) return;
    this.#files.set(pathOf(file), file);
    for (const dependency of file.dependencies) this.#add(dependency);
    for (const message of file.messages) this.#addMessage(message);
    for (const one of file.enums) this.#addEnum(one, file);
    for (const extension of file.extensions) this.#addExtension(extension);
    for (const service of file.services) {
      this.#symbols.set(service.typeName, file);
      for (const { name } of service.methods) this.#symbols.set(`${service.typeName}.${name}`, file);
    }
  }

  #addMessage(message: DescMessage): void {
    const { file, typeName } = message;
    this.#messages.add(typeName);
    this.#symbols.set(typeName, file);
    for (const { name } of [...message.fields, ...message.oneofs]) this.#symbols.set(`${typeName}.${name}`, file);
    for (const nested of message.nestedMessages) this.#addMessage(nested);
    // The message that a map is made of is in no list.
    for (const { name, options } of message.proto.nestedType)
      if (options?.mapEntry === true) this.#symbols.set(`${typeName}.${name}`, file);
    for (const nested of message.nestedEnums) this.#addEnum(nested, file);
    for (const nested of message.nestedExtensions) this.#addExtension(nested);
  }

  #addEnum({ typeName, values }: DescFile['enums'][number], file: DescFile): void {
    this.#symbols.set(typeName, file);
    // A value stands beside its enum, not in it.
    const scope = typeName.slice(0, typeName.lastIndexOf('.') + 1);
    for (const { name } of values) this.#symbols.set(`${scope}${name}`, file).set(`${typeName}.${name}`, file);
  }

  #addExtension({ typeName, extendee, number, file }: DescExtension): void {
    this.#symbols.set(typeName, file);
    const known = this.#extensions.get(extendee.typeName) ?? new Map<number, DescFile>();
    this.#extensions.set(extendee.typeName, known.set(number, file));
  }
}

/** The path by which a file is imported. */
export function pathOf(file: DescFile): string {
  return file.proto.name;
}

/** The file and everything it imports, each once, what is imported first. */
export function withImports(file: DescFile): readonly DescFile[] {
  const found = new Set<DescFile>();
  const visit = (one: DescFile): void => {
    for (const dependency of one.dependencies) if (!found.has(dependency)) visit(dependency);
    found.add(one);
  };
  visit(file);
  return [...found];
}

/** A file as an encoded `google.protobuf.FileDescriptorProto`. */
export function encodeFile(file: DescFile): Uint8Array {
  return toBinary(FileDescriptorProtoSchema, file.proto);
}
