import {browser} from "@web/core/browser/browser";
import {patch} from "@web/core/utils/patch";
import {makeActiveField} from "@web/model/relational_model/utils";
import {ListController} from "@web/views/list/list_controller";
import {ListRenderer} from "@web/views/list/list_renderer";

/**
 * A list reads its optional columns also while they are hidden. A column with the option
 * `load_when_shown` is read only once its user shows it, so that nobody else's list gets
 * slower by it.
 */

function getLazyColumns(archInfo) {
    return archInfo.columns.filter(
        (column) =>
            column.type === "field" &&
            column.optional &&
            column.options?.load_when_shown
    );
}

/** The host's key names all fields read, and these change when a column is shown. */
function getStorageKey(resModel, viewId) {
    return `optional_fields,${resModel},list,${viewId},load_when_shown`;
}

patch(ListController.prototype, {
    get modelParams() {
        const params = super.modelParams;
        const lazy = getLazyColumns(this.archInfo);
        if (!lazy.length || this.props.state?.modelState?.config) {
            return params;
        }
        const key = getStorageKey(this.props.resModel, this.env.config.viewId);
        const shown = (browser.localStorage.getItem(key) || "").split(",");
        for (const {name, optional} of lazy) {
            if (optional === "hide" && !shown.includes(name)) {
                delete params.config.activeFields[name];
            }
        }
        return params;
    },
});

patch(ListRenderer.prototype, {
    setup() {
        super.setup();
        const {archInfo, list, nestedKeyOptionalFieldsData} = this.props;
        if (!nestedKeyOptionalFieldsData && getLazyColumns(archInfo).length) {
            this.keyOptionalFields = getStorageKey(
                list.resModel,
                this.env.config.viewId
            );
        }
    },
    async toggleOptionalField(fieldName) {
        await super.toggleOptionalField(fieldName);
        if (this.props.nestedKeyOptionalFieldsData) {
            return; // the lines of a form are read with it
        }
        const {config} = this.props.list.model;
        const lazy = getLazyColumns(this.props.archInfo).map((column) => column.name);
        if (
            lazy.includes(fieldName) &&
            config.activeFields &&
            !config.activeFields[fieldName]
        ) {
            config.activeFields[fieldName] = makeActiveField({readonly: true});
            await this.props.list.model.load();
        }
    },
});
