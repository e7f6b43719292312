import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { useService } from "@web/core/utils/hooks";
import { onWillStart, useState } from "@odoo/owl";

/** The list of transfers, with a sentence on top: how fresh the targets are. */
export class OlapExportRunListRenderer extends ListRenderer {
    static template = "olap_export.RunListRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.banner = useState({ sentences: [] });
        onWillStart(async () => {
            this.banner.sentences = await this.orm.call(
                "olap.export.run",
                "get_banner",
            );
        });
    }
}

registry.category("views").add("olap_export_run_list", {
    ...listView,
    Renderer: OlapExportRunListRenderer,
});
