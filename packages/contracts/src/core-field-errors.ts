import { type FieldErrors, fieldErrorsOf } from './field-kind.ts';

const texts = {
  REQUIRED: { en: 'is required', 'zh-CN': '为必填项' },
  BODY_REQUIRED: { en: 'a JSON body is required', 'zh-CN': '需要 JSON 请求体' },
  UNKNOWN_FIELD: { en: 'is not a known field', 'zh-CN': '是未知字段' },
  GIVEN_TWICE: { en: 'must be given only once', 'zh-CN': '只能出现一次' },
  GIVEN_BY_PATH: { en: 'is part of the path; remove it from the query', 'zh-CN': '已由路径给出，请从查询参数中去掉' },
  NOT_TEXT: { en: 'must be a string', 'zh-CN': '必须是字符串' },
  NOT_A_NUMBER: { en: 'must be a number', 'zh-CN': '必须是数字' },
  NOT_AN_INTEGER: { en: 'must be a whole number', 'zh-CN': '必须是整数' },
  NOT_FINITE: { en: 'is beyond the range of numbers', 'zh-CN': '超出数字的表示范围' },
  NOT_A_BOOLEAN: { en: 'must be true or false', 'zh-CN': '必须是 true 或 false' },
  NOT_AN_OBJECT: { en: 'must be an object', 'zh-CN': '必须是对象' },
  NOT_AN_ARRAY: { en: 'must be an array', 'zh-CN': '必须是数组' },
  EMPTY: { en: 'must not be empty', 'zh-CN': '不能为空' },
  TOO_SHORT: { en: 'must have at least {min} characters', 'zh-CN': '至少需要 {min} 个字符' },
  TOO_LONG: { en: 'must have at most {max} characters', 'zh-CN': '最多 {max} 个字符' },
  WRONG_LENGTH: { en: 'must have exactly {count} characters', 'zh-CN': '必须正好是 {count} 个字符' },
  TOO_SMALL: { en: 'must be at least {min}', 'zh-CN': '不能小于 {min}' },
  TOO_LARGE: { en: 'must be at most {max}', 'zh-CN': '不能大于 {max}' },
  NOT_ABOVE: { en: 'must be greater than {min}', 'zh-CN': '必须大于 {min}' },
  NOT_BELOW: { en: 'must be less than {max}', 'zh-CN': '必须小于 {max}' },
  NOT_A_MULTIPLE: { en: 'must be a multiple of {step}', 'zh-CN': '必须是 {step} 的倍数' },
  TOO_FEW: { en: 'must have at least {min} entries', 'zh-CN': '至少需要 {min} 项' },
  TOO_MANY: { en: 'must have at most {max} entries', 'zh-CN': '最多 {max} 项' },
  WRONG_COUNT: { en: 'must have exactly {count} entries', 'zh-CN': '必须正好有 {count} 项' },
  NOT_ONE_OF: { en: 'must be one of: {values}', 'zh-CN': '必须是以下值之一：{values}' },
  WRONG_NAME: { en: 'has a name that is not allowed here', 'zh-CN': '的名称在此处不允许' },
  WRONG_FORMAT: { en: 'does not have the expected format', 'zh-CN': '格式不正确' },
  NOT_VALID: { en: 'is not valid', 'zh-CN': '无效' },
  NONE_GIVEN: { en: 'must have at least one of: {names}', 'zh-CN': '至少需要以下字段之一：{names}' },
  NOT_UNICODE: {
    en: 'must be well-formed Unicode: it contains half of a surrogate pair',
    'zh-CN': '必须是有效的 Unicode：含有不成对的代理字符',
  },
  NAME_NOT_UNICODE: {
    en: 'must have names that are well-formed Unicode',
    'zh-CN': '中的名称必须是有效的 Unicode',
  },
  NOT_PERCENT_ENCODED: { en: 'must be valid percent-encoded UTF-8', 'zh-CN': '必须是有效的百分号编码 UTF-8' },
  CONTROL_CHARACTER: { en: 'must not contain control characters or line breaks', 'zh-CN': '不能含有控制字符或换行符' },
  DIRECTION_CONTROL: {
    en: 'must not contain characters that change the text direction',
    'zh-CN': '不能包含改变书写方向的字符',
  },
  NOTHING_VISIBLE: { en: 'must contain at least one visible character', 'zh-CN': '至少要有一个可见字符' },
  NOT_ENTITY_TAGS: {
    en: 'must be * or tags in double quotes, as in the ETag header',
    'zh-CN': '必须是 * 或带双引号的标签，与 ETag 响应头给出的一致',
  },
  NOT_DIGITS: {
    en: 'must be a whole number from {min} to {max}, in digits only',
    'zh-CN': '必须是 {min} 到 {max} 之间的整数，且只用数字书写',
  },
  NOT_AN_AMOUNT: {
    en: 'must be a number such as 99.5, or a string such as "99.50"',
    'zh-CN': '必须是数字（如 99.5）或字符串（如 "99.50"）',
  },
  AMOUNT_OUT_OF_RANGE: {
    en: 'must be from 0.01 to {max}, with at most two decimals and no exponent',
    'zh-CN': '必须在 0.01 到 {max} 之间，最多两位小数，且不用指数写法',
  },
  NOT_A_CURSOR: {
    en: 'must be a cursor from the Link header of an earlier answer',
    'zh-CN': '必须是先前响应的 Link 头中给出的游标',
  },
  NOT_A_PAGE_TOKEN: {
    en: 'must be the next_page_token of an earlier answer',
    'zh-CN': '必须是先前响应中的 next_page_token',
  },
  NOT_A_SERVICE_NAME: {
    en: 'must consist of letters, digits, ".", "_" and "-", and start with a letter or digit',
    'zh-CN': '只能由字母、数字、"."、"_"、"-" 组成，并以字母或数字开头',
  },
  NOT_AN_INSTANCE_ID: {
    en: 'must consist of letters, digits, ".", "_", ":", "@" and "-", and start with a letter or digit',
    'zh-CN': '只能由字母、数字、"."、"_"、":"、"@"、"-" 组成，并以字母或数字开头',
  },
  NOT_AN_ADDRESS: {
    en: 'must be an IP address or a host name, without scheme or port',
    'zh-CN': '必须是 IP 地址或主机名，不带协议和端口',
  },
  NOT_REACHABLE: {
    en: 'must be an address that others can connect to, not an unspecified, multicast or broadcast address',
    'zh-CN': '必须是其他程序可以连接的地址，不能是未指定地址、多播地址或广播地址',
  },
  LINK_LOCAL_ADDRESS: {
    en: 'must not be a link-local or cloud metadata address, unless the registry allows it (ALLOW_LINK_LOCAL)',
    'zh-CN': '不能是链路本地地址或云元数据地址，除非注册中心允许（ALLOW_LINK_LOCAL）',
  },
  NOT_A_CHECK_ID: {
    en: 'must consist of letters, digits, ".", "_", ":", "@" and "-", and start with a letter, a digit or "_"',
    'zh-CN': '只能由字母、数字、"."、"_"、":"、"@"、"-" 组成，并以字母、数字或 "_" 开头',
  },
  NOT_AN_HTTP_URL: {
    en: 'must be a URL such as http://10.0.0.5:8001/health',
    'zh-CN': '必须是形如 http://10.0.0.5:8001/health 的 URL',
  },
  NOT_A_PATH: {
    en: 'must be a path such as /health, percent-encoded where needed',
    'zh-CN': '必须是形如 /health 的路径，必要时使用百分号编码',
  },
  LEASE_TOO_SHORT: {
    en: 'must be at least {min}; or 0, if the instance has checks',
    'zh-CN': '不能小于 {min}；实例有健康检查时可以为 0',
  },
  NOT_A_TAG: { en: 'must be printable ASCII without spaces', 'zh-CN': '必须是不含空格的可打印 ASCII 字符' },
  NOT_A_TOKEN: {
    en: 'must be 16 to 128 characters of letters, digits and ".", "_", "~", "+", "/", "=", ":", "-"',
    'zh-CN': '必须是 16 到 128 个字符，只能由字母、数字和 "."、"_"、"~"、"+"、"/"、"="、":"、"-" 组成',
  },
  NOT_A_WAIT: {
    en: 'must be a duration of at most {max}, such as 500ms, 30s or 5m',
    'zh-CN': '必须是不超过 {max} 的时长，例如 500ms、30s 或 5m',
  },
  NOT_A_KEY: {
    en: 'must be text of at most {max} bytes without control characters, must not begin with "/", and must not have a segment "." or ".."',
    'zh-CN': '必须是不超过 {max} 字节、不含控制字符的文本，不能以 "/" 开头，也不能含有 "." 或 ".." 路径段',
  },
  NOT_A_REVISION: {
    en: 'must be a revision: a whole number from 0 to {max}',
    'zh-CN': '必须是修订号：0 到 {max} 之间的整数',
  },
} as const;

/**
 * What can be wrong with a field of any service; texts of a single service are in its contract. Each text continues
 * after the field's name: "`/port` must be at most 65535". Published codes never change.
 */
export const coreFieldErrors: FieldErrors<typeof texts> = fieldErrorsOf('flotilla', texts);

/** The code of one of the {@link coreFieldErrors}. */
export type FieldCode = keyof typeof coreFieldErrors;

/** Whether `value` is one of the core's codes. */
export function isFieldCode(value: unknown): value is FieldCode {
  return typeof value === 'string' && Object.hasOwn(coreFieldErrors, value);
}
