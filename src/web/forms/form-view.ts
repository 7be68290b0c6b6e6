import type { PageView } from '../view/page.ts';
import { settingsSide } from '../view/settings/settings.ts';
import { tree } from '../view/side.ts';
import { backOf, type FormAsk, type FormPage, type PlainForm } from './form.ts';

interface Around {
  readonly name: string;
  readonly form: PlainForm;
  readonly ask: FormAsk;
  readonly problem?: { readonly cause: string; readonly mend: string };
}

/** A form as a page of the console. */
export function formView(page: FormPage, { name, form, ask, problem }: Around): PageView {
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
        problem,
        action: `/forms/${name}`,
        of: ask.of,
        csrf: reader.csrf,
        back: backOf(form, ask),
      },
    },
  };
}
