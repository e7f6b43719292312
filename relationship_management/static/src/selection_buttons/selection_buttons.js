import { patch } from "@web/core/utils/patch";
import { CogMenu } from "@web/search/cog_menu/cog_menu";

/**
 * On a phone the buttons of chosen lines are in the gear, which core leaves out where
 * it would hold nothing else.
 */
patch(CogMenu.prototype, {
    get hasItems() {
        const { hasSelectedRecords, resModel, slots } = this.props;
        const isOurs = resModel?.startsWith("relationship.");
        return (
            super.hasItems || Boolean(isOurs && hasSelectedRecords && slots?.default)
        );
    },
});
