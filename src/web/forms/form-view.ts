import type { ProblemBody } from '../../api/contract.ts';
import type { PageView } from '../view/page.ts';
import { faultsShown } from '../view/problem-words.ts';
import { settingsSide } from '../view/settings/settings.ts';
import { tree } from '../view/side.ts';
import { backOf, type FormAsk, type FormPage, type PlainForm } from './form.ts';

interface Around {
  readonly name: string;
  readonly form: PlainForm;
  readonly ask: FormAsk;
  readonly problem?: { readonly cause: string; readonly mend: string };
  readonly refused?: ProblemBody | null;
}

/** A form as a page of the console. */
export function formView(page: FormPage, { name, form, ask, problem, refused = null }: Around): PageView {
  const { reader, world } = ask;
  const { icon, title, text, button, danger, also, above, fields, below, shape, takesFile, version, model } =
    page;
  return {
    nav: form.nav,
    title,
    found: true,
    side:
      form.nav === 'settings'
        ? settingsSide('', reader)
        : { template: 'partials/tree', model: tree(world, reader, {}) },
    main: {
      template: 'pages/form',
      model: {
        ...model,
        ...(refused === null || page.ownFaults === undefined
          ? { problem }
          : faultsShown(refused, page.ownFaults, reader.language)),
        icon,
        title,
        text,
        button,
        danger,
        also,
        above,
        fields,
        below,
        shape,
        takesFile,
        version,
        action: `/forms/${name}`,
        of: ask.of,
        csrf: reader.csrf,
        back: backOf(form, ask),
      },
    },
  };
}
